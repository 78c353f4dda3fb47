"""The whole OpenAPI document, tried by a property-based fuzzer: no 5xx, no status and no form that it does not name.

Bounded: about half a minute, on one engine, the same on every run; PODPORA_TEST_THOROUGH tries new examples and many more. A long hunt on a
running server: `schemathesis run http://127.0.0.1:8000/api/v1/openapi.json -H "Authorization: Bearer …"`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from podpora.api.openapi import document
from podpora.api.v1 import build
from tests.make import licensing as make
from tests.make.api import token
from tests.make.patience import THOROUGH, so_many

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once, pytest.mark.filterwarnings("ignore")]
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance, content_type_conformance]
DEVICE = ("/activations/me", "/settings")

load_all_checks()
schema = schemathesis.openapi.from_dict(document(build()))
schema.app = get_wsgi_application()
if not THOROUGH:  # what is drawn at random; all the borders of each field besides take ten times as long
    schema.config.phases.update(phases=["examples", "fuzzing"])


@pytest.fixture
def bearers(db: None) -> Iterator[dict[bool, str]]:
    """A device's token, and one of the vendor's own systems. As Django's test client does it, a request leaves the connection alone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield {True: make.activated(make.licence()).token, False: token("all")}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OPERATIONS = [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_as_documented(operation: APIOperation, bearers: dict[bool, str]) -> None:
    """As `@schema.parametrize()` does it, which would think of all the cases of all operations when tests are collected: in every worker."""

    @settings(max_examples=so_many(3, 200), suppress_health_check=list(HealthCheck), deadline=None, database=None)
    def answers(case: schemathesis.Case) -> None:
        bearer = bearers[any(part in case.path for part in DEVICE)]
        point = transaction.savepoint()
        try:
            headers: dict[str, Any] = {"Authorization": f"Bearer {bearer}"}
            case.call_and_validate(headers=headers, checks=CHECKS)
        finally:
            transaction.savepoint_rollback(point)

    sources = FeedbackSources(constants_value_source=make_constants_value_source(schema))
    build_operation_test(config=schema.config, operation=operation, test_func=answers, given_kwargs={}, feedback=sources)()
