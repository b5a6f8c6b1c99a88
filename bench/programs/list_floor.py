"""What ``yx list`` does, written out with httpx2 and nothing else: sign, fetch, print."""

import base64
import hashlib
import hmac
import os
import secrets
import time
from urllib.parse import quote

import httpx2

url = os.environ["OPENYX_URL"] + "/api/v1/workflows/subscription/"
oauth = {
    "oauth_consumer_key": os.environ["OPENYX_KEY"],
    "oauth_nonce": secrets.token_hex(8),
    "oauth_signature_method": "HMAC-SHA1",
    "oauth_timestamp": str(int(time.time())),
    "oauth_version": "1.0",
}
query = "&".join(f"{name}={quote(value, safe='~')}" for name, value in sorted(oauth.items()))
base = "&".join(quote(part, safe="~") for part in ("GET", url, query))
digest = hmac.new(f"{os.environ['OPENYX_SECRET']}&".encode(), base.encode(), hashlib.sha1).digest()
signature = quote(base64.b64encode(digest).decode(), safe="~")
with httpx2.Client() as client:
    for workflow in client.get(f"{url}?{query}&oauth_signature={signature}").raise_for_status().json():
        print(workflow["id"], workflow["metaInfo"]["name"], workflow["fileName"], workflow["uploadDate"], sep="\t")
