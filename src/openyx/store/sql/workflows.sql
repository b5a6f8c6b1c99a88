-- insert
INSERT INTO workflows {values}

-- by_source
SELECT id FROM workflows WHERE source_app_id = :source

-- publish
-- Another version is the one that runs.
UPDATE workflows SET published_version_id = :version_id, name_folded = :name_folded, search_folded = :search_folded
 WHERE id = :id

-- change
-- What may change of a workflow; it is made public once.
UPDATE workflows
   SET name = :name, owner_id = :owner_id, comments = :comments, worker_tag = :worker_tag,
       district_tags = :district_tags, public = :public, ready_for_migration = :ready_for_migration,
       others_may_download = :others_may_download, others_can_execute = :others_can_execute,
       others_can_view_history = :others_can_view_history, at_once = :at_once,
       most_attempts = :most_attempts, published_version_id = :published_version_id,
       name_folded = :name_folded, search_folded = :search_folded,
       made_public_at = CASE WHEN :public = 1 THEN COALESCE(made_public_at, :made_public_at) END
 WHERE id = :id

-- find
SELECT {columns} FROM workflows w {where}

-- select
-- Workflows with the version that a run takes.
SELECT {columns} FROM workflows w
  JOIN versions v ON v.id = w.published_version_id
  JOIN users u ON u.id = w.owner_id
{where} ORDER BY {order} {page}

-- count_run
UPDATE workflows SET run_count = run_count + 1 WHERE id = :id

-- lock
SELECT id FROM workflows WHERE id = :id {lock}
