from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from openyx.errors import Conflict, NotFound
from openyx.store import (
    ExecutionMode,
    Item,
    KeyKind,
    NewVersion,
    NewWorkflow,
    PackageType,
    Published,
    Question,
    Role,
    Sight,
    Store,
    WorkflowQuery,
    WorkflowSort,
)

Publish = Callable[..., Published]
Advance = Callable[..., None]


def names(store: Store, sight: Sight | None = None, **asked: object) -> list[str]:
    query = WorkflowQuery(**asked)  # type: ignore[arg-type] # whatever a test asks
    return [found.workflow.name for found in store.workflows.list(query, sight=sight)]


def test_what_is_published_comes_back_whole(store: Store) -> None:
    owner = store.users.owner()
    blob = store.blobs.add(b"package")
    new = NewWorkflow(
        name="Monthly Load", owner_id=owner.id, comments="c", worker_tag="t", district_tags=("a", "b"), public=True
    )
    version = NewVersion(
        file_name="Monthly Load.yxwz",
        entry="inner/Monthly Load.yxwz",
        digest=blob.digest,
        size=blob.size,
        package_type=PackageType.APP,
        name="Load",
        author="Ann",
        questions=(
            Question(name="Region", type="QuestionListBox", multiple=False, items=(Item(key="East", value="E"),)),
            Question(name="Text Box (2)", type="QuestionTextBox", description='Say: "ä"\n', value="x"),
        ),
        comments="first",
        private_data_exemption=True,
    )
    made = store.workflows.publish(new, version, by=owner.id)
    found = store.workflows.find(made.workflow.id)
    assert found == made
    assert found.version.number == 1
    assert found.version.is_package
    assert found.version.questions == version.questions
    assert found.workflow.studio_id == owner.studio_id
    assert found.workflow.published_version_id == found.version.id
    assert store.versions.of(made.workflow.id) == [found.version]


def test_an_unknown_owner_publishes_nothing(store: Store, publish: Publish) -> None:
    with pytest.raises(NotFound, match="User 0000"):
        publish("A", owner_id="0" * 24)
    assert names(store) == []


def test_the_next_version_runs_unless_told_otherwise(store: Store, publish: Publish, advance: Advance) -> None:
    first = publish("A", author="Ann")
    advance(minutes=1)
    blob = store.blobs.add(b"2")
    new = NewVersion(
        file_name="B.yxmd", digest=blob.digest, size=1, package_type=PackageType.MODULE, name="A", author="Bob"
    )
    by = first.workflow.owner_id
    second = store.workflows.add_version(first.workflow.id, new, by=by)
    third = store.workflows.add_version(first.workflow.id, new, by=by, publish=False)
    found = store.workflows.find(first.workflow.id)
    assert [version.number for version in store.versions.of(first.workflow.id)] == [1, 2, 3]
    assert found.version == second
    assert found.workflow.created_at == first.workflow.created_at
    assert third.number == 3
    assert names(store, search="bob") == ["A"]
    assert names(store, search="ann") == []


def test_a_source_id_is_used_once(store: Store, publish: Publish) -> None:
    owner = publish("A").workflow.owner_id
    new = NewWorkflow(name="B", owner_id=owner, source_app_id="s1")
    version = NewVersion(file_name="B.yxmd", digest="0" * 64, size=1, package_type=PackageType.MODULE, name="B")
    store.workflows.publish(new, version, by=owner)
    with pytest.raises(Conflict, match="sourceAppId s1"):
        store.workflows.publish(new, version, by=owner)


def test_search_looks_in_all_texts_whatever_their_case(store: Store, publish: Publish) -> None:
    made = publish("Übersicht 50%_a", description="Umsätze je REGION", author="Ann", file_name="over.yxmd")
    publish("Other")
    for text in ("übersicht", "ÜBER", "50%_", "umsätze", "region", "aNN", "OVER.yx", made.workflow.id[4:20]):
        assert names(store, search=text) == ["Übersicht 50%_a"], text
    assert names(store, search="50%a") == names(store, search="5_") == []
    assert len(names(store, search="")) == 2
    assert names(store, search="%" * 60_000) == []


def test_a_name_is_found_by_a_part_of_it(store: Store, publish: Publish) -> None:
    publish("Monthly Load", description="sales")
    publish("Sales Report")
    assert names(store, name="SALES") == ["Sales Report"]
    assert names(store, name="nothing") == []


def test_filters_and_together(store: Store, publish: Publish) -> None:
    ann = store.users.create("ann@example.com", first_name="Ann", last_name="E", role=Role.ARTISAN)
    publish("A", package_type=PackageType.APP)
    publish("B", package_type=PackageType.APP, owner_id=ann.id)
    publish("C", owner_id=ann.id)
    assert names(store, package_type=PackageType.APP) == ["A", "B"]
    assert names(store, owner_id=ann.id) == ["B", "C"]
    assert names(store, owner_id=ann.id, package_type=PackageType.APP) == ["B"]


def test_both_ends_of_the_creation_range_belong_to_it(store: Store, publish: Publish, advance: Advance) -> None:
    times: list[datetime] = []
    for name in "ABC":
        times.append(publish(name).version.created_at)
        advance(hours=1)
    assert names(store, created_after=times[1]) == ["B", "C"]
    assert names(store, created_before=times[1]) == ["A", "B"]
    assert names(store, created_after=times[1], created_before=times[1]) == ["B"]


def test_pages(store: Store, publish: Publish) -> None:
    for name in "ABCDE":
        publish(name)
    assert names(store) == ["A", "B", "C", "D", "E"]
    assert names(store, offset=3) == ["D", "E"]
    assert names(store, offset=1, limit=2) == ["B", "C"]
    assert names(store, limit=0) == names(store, offset=9) == []
    assert names(store, descending=True, limit=2) == ["E", "D"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (WorkflowSort.NAME, ["alpha", "Beta", "gamma"]),
        (WorkflowSort.AUTHOR, ["gamma", "Beta", "alpha"]),
        (WorkflowSort.COPYRIGHT, ["Beta", "alpha", "gamma"]),
        (WorkflowSort.DESCRIPTION, ["Beta", "gamma", "alpha"]),
        (WorkflowSort.EXECUTION_MODE, ["gamma", "alpha", "Beta"]),
        (WorkflowSort.RUN_COUNT, ["Beta", "gamma", "alpha"]),
        (WorkflowSort.UPLOAD_DATE, ["Beta", "alpha", "gamma"]),
    ],
)
def test_each_sort_field_sorts(
    store: Store, publish: Publish, advance: Advance, sort: WorkflowSort, expected: list[str]
) -> None:
    publish("Beta", author="b", copyright="1", description="a", execution_mode=ExecutionMode.STANDARD)
    advance(hours=1)
    alpha = publish("alpha", author="C", copyright="2", description="C", execution_mode=ExecutionMode.SEMI_SAFE)
    advance(hours=1)
    gamma = publish("gamma", author="A", copyright="3", description="b", execution_mode=ExecutionMode.SAFE)
    for made, runs in ((alpha, 2), (gamma, 1)):
        for _ in range(runs):
            store.workflows.count_run(made.workflow.id)
    assert names(store, sort=sort) == expected
    assert names(store, sort=sort, descending=True) == expected[::-1]


@pytest.mark.parametrize("sort", WorkflowSort)
def test_every_sort_field_is_known_to_the_database(store: Store, publish: Publish, sort: WorkflowSort) -> None:
    publish("A")
    assert names(store, sort=sort) == ["A"]


def test_a_studio_key_sees_its_studio_and_a_curator_all(store: Store, publish: Publish) -> None:
    ann = store.users.create("ann@example.com", first_name="Ann", last_name="E", role=Role.ARTISAN)
    publish("Owner's")
    publish("Owner's public", public=True)
    hers = publish("Ann's", owner_id=ann.id)
    owner = store.users.owner()

    def seen(kind: KeyKind, user_id: str) -> list[str]:
        key = store.keys.create(kind, user_id=user_id).key
        return names(store, Sight.of(key, store.users.find(user_id)))

    assert seen(KeyKind.STUDIO, ann.id) == ["Ann's"]
    assert seen(KeyKind.USER, ann.id) == ["Owner's public", "Ann's"]
    assert seen(KeyKind.STUDIO, owner.id) == ["Owner's", "Owner's public"]
    assert seen(KeyKind.USER, owner.id) == ["Owner's", "Owner's public", "Ann's"]
    studio = Sight.of(store.keys.create(KeyKind.STUDIO).key, owner)
    with pytest.raises(NotFound, match=hers.workflow.id):
        store.workflows.find(hers.workflow.id, sight=studio)


def test_a_version_is_found_through_its_workflow_only(store: Store, publish: Publish) -> None:
    one, two = publish("A"), publish("B")
    assert store.versions.find(one.version.id, workflow_id=one.workflow.id) == one.version
    with pytest.raises(NotFound):
        store.versions.find(one.version.id, workflow_id=two.workflow.id)


def test_what_may_change_changes(store: Store, publish: Publish, advance: Advance) -> None:
    made = publish("Old")
    advance(days=1)
    changed = replace(made.workflow, name="New", public=True, district_tags=("x",))
    store.workflows.change(changed)
    assert store.workflows.find(made.workflow.id).workflow == changed
    assert names(store, name="new") == ["New"]
    assert names(store, search="old.yxmd") == ["New"]
