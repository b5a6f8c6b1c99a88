"""List, questions, start, poll and output with a plain requests-oauthlib session, signatures in header or query."""

import json
import sys
import time

from requests_oauthlib import OAuth1Session

place, url, key, secret, name, answers = sys.argv[1:]
session = OAuth1Session(key, client_secret=secret, signature_type=place)


def get(path, **params):
    answer = session.get(f"{url}/api/v1/{path}/", params=params)
    answer.raise_for_status()
    return answer


found = get("workflows/subscription", search=name, sortField="name", direction="asc").json()
(workflow,) = (each for each in found if each["metaInfo"]["name"] == name)
questions = get(f"workflows/{workflow['id']}/questions").json()
started = session.post(f"{url}/api/v1/workflows/{workflow['id']}/jobs/", json={"questions": json.loads(answers)})
assert (started.status_code, started.reason) == (200, "OK"), started.text
job = started.json()
deadline = time.monotonic() + 60
while job["status"] != "Completed" and time.monotonic() < deadline:
    time.sleep(0.1)
    job = get(f"jobs/{job['id']}").json()
outputs = {
    output["name"]: get(f"jobs/{job['id']}/output/{output['id']}", format="Csv").text for output in job["outputs"]
}
print(json.dumps({"questions": questions, "job": job, "outputs": outputs}))
