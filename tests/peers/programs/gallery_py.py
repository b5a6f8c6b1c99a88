"""List, questions, start, poll and output with alteryx-gallery-py, as its README does it."""

import json
import sys
import time

from alteryx_gallery_py import Subscriptions

url, key, secret, name, answers = sys.argv[1:]
gallery = Subscriptions(api_key=key, client_secret=secret, gallery_url=url)

(workflow,) = (each for each in gallery.get_workflows() if each["metaInfo"]["name"] == name)
questions = gallery.get_questions(workflow["id"])
job = gallery.create_job(workflow["id"], questions=json.loads(answers))
deadline = time.monotonic() + 60
while job["status"] != "Completed" and time.monotonic() < deadline:
    time.sleep(0.1)
    job = gallery.get_job(job["id"])
outputs = {
    output["name"]: gallery.get_job_output(job["id"], output["id"], format="Csv").decode("utf-8-sig") for output in job["outputs"]
}
package = gallery.download_app(workflow["id"])
print(json.dumps({
    "questions": questions, "job": job, "outputs": outputs, "package": package[:2].decode("latin-1"),
    "jobs": [each["id"] for each in gallery.list_jobs(workflow["id"])],
}))
