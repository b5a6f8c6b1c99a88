-- How many jobs were ever removed: while it stands still, jobs that were counted need not be counted again.
CREATE TABLE removed (
    jobs INTEGER NOT NULL
);
INSERT INTO removed (jobs) VALUES (0);
