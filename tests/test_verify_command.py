"""``odoo-bin approval_verify``: what an auditor runs, as a program of its own."""

import os
import subprocess
import sys

import pytest
from test_concurrency import BusyOffice

from office import copied_registry
from tools import places

COPY = f"{os.environ['CDO_TEST_DB']}_verify"


def verify(database=COPY):
    """Run the command; return its exit code, what it says and what it complains of."""
    addons = f"--addons-path={places.ADDONS}"
    command = [sys.executable, "-m", "odoo", addons, "approval_verify"]
    done = subprocess.run(
        [*command, "-c", os.environ["CDO_CONF"], "-d", database],
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def office():
    with copied_registry("verify") as registry:
        yield BusyOffice(registry)


def test_whole_logs_end_with_zero(office):
    for _order in range(3):
        office.order()
    with office.session() as env:
        count = env["approval.process"].search_count([])
    assert verify() == (0, f"{count} logs verified, all whole\n", "")


def test_broken_logs_are_named_and_end_with_one(office):
    orders = [office.order(), office.order()]
    with office.committed() as env:
        broken = env["purchase.order"].browse(orders)
        processes = broken.approval_process_id
        env.cr.execute("ALTER TABLE approval_log DISABLE TRIGGER USER")
        env.cr.execute(
            "UPDATE approval_log SET comment = 'forged' WHERE process_id IN %s",
            [tuple(processes.ids)],
        )
        env.cr.execute("ALTER TABLE approval_log ENABLE TRIGGER USER")
        count = env["approval.process"].search_count([])
        expected = [
            f"{order.name} (purchase.order,{order.id}), request "
            f"{order.approval_process_id.id}: row 1 of the log was tampered with"
            for order in broken
        ]
    code, said, complained = verify()
    assert (code, complained) == (1, "")
    assert said.splitlines() == [
        *expected,
        f"{count} logs verified, 2 of them broken",
    ]


def test_what_cannot_be_verified_is_not_called_broken():
    code, said, complained = verify("cdo_no_such_database")
    assert (code, said) == (2, "")
    assert "cdo_no_such_database" in complained
    assert "Traceback" not in complained
