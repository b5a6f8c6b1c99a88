"""Records as real servers of each generation were recorded to write them."""

from __future__ import annotations

from typing import Any

STUDIO = "503bac188031af11f8f80001"
OWNER = "531dc83f5ce35d1b00000002"


def workflow_v1(workflow: str, name: str, *, webapi: bool) -> dict[str, Any]:
    texts = ("description", "author", "copyright", "url", "urlText", "outputMessage", "noOutputFilesMessage")
    return {
        "id": workflow, "subscriptionId": STUDIO, "public": False, "runDisabled": False,
        "packageType": "App" if webapi else 0, "uploadDate": "2019-08-11T16:49:40.732Z", "fileName": f"{name}.yxwz",
        "metaInfo": {"name": name, **dict.fromkeys(texts, "")}, "isChained": False, "version": 1, "runCount": 4,
        "workerTag": None,
    }  # fmt: skip


def reduced(workflow: str, name: str) -> dict[str, Any]:
    return {
        "id": workflow, "sourceAppId": "", "name": name, "ownerId": OWNER, "dateCreated": "2014-03-10T14:18:35Z",
        "publishedVersionNumber": 3, "isAmp": False, "executionMode": "Standard",
    }  # fmt: skip


def workflow_v3(workflow: str, name: str) -> dict[str, Any]:
    version = {"versionId": "v1", "versionNumber": 1, "packageWorkflowType": "App", "published": True, "comments": None}
    return {
        "id": workflow,
        "dateCreated": "2016-12-15T17:29:25.603Z",
        "versions": [version],
        "name": name,
        "ownerId": OWNER,
    }


def question_v1(question: dict[str, Any]) -> dict[str, Any]:
    told = {"name": question["name"], "type": question["type"], "description": question["name"] + "?"}
    if "items" in question:
        told |= {"items": question["items"], "multiple": str(question.get("multiple", False))}
    return told | ({"value": question["value"]} if "value" in question else {})


def question_v3(question: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": question["name"], "questionType": question["type"], "description": question["name"] + "?",
        "value": question.get("value"), "multiple": question.get("multiple", False), "items": question.get("items"),
    }  # fmt: skip
