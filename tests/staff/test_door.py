"""Nobody gets in without the password, and nothing is done that no member of staff asked for."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from sqlalchemy.engine import Engine

from bot.settings import Settings
from bot.staff import site as staff
from bot.store.records import list_publications
from tests.channels.serving import app
from tests.staff.conftest import BOTOX, PASSWORD, Staff

READ = ("", "/unanswered", "/thumbs", "/review", "/try", "/history", "/new", f"/entry/{BOTOX}",
        "/publishing/abc", "/publishing/abc/text")  # fmt: skip
WRITE = ("/save", "/preview", "/try", "/rollback", "/put-away", "/logout")


def test_without_a_password_there_is_no_staff_page(settings: Settings) -> None:
    made = app()
    staff.mount(made, replace(settings, staff_password_hash=""), None)  # type: ignore[arg-type]  # nothing is asked of them
    assert made.router.routes_all == {}


def test_a_stranger_is_shown_the_log_in_form_instead(stranger: Staff) -> None:
    for path in READ:
        response = stranger.get(path)
        assert (response.status_code, response.headers["location"]) == (303, "/staff/login"), path


def test_a_stranger_can_do_nothing(stranger: Staff, engine: Engine) -> None:
    before = list_publications(engine)
    for path in WRITE:
        response = stranger.post(path, csrf="x", digest=before[0].digest)
        assert (response.status_code, response.headers["location"]) == (303, "/staff/login"), path
    assert list_publications(engine) == before


def test_the_password_opens_and_the_cookie_is_kept_from_scripts_and_other_sites(
    stranger: Staff,
) -> None:
    response = stranger.log_in()
    assert (response.status_code, response.headers["location"]) == (303, "/staff")
    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("staff="))
    assert {"HttpOnly", "SameSite=Strict", "Path=/staff"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    page = stranger.get("")
    assert page.status_code == 200 and "Zoë Staff" in page.text


def test_a_wrong_password_is_told_and_ten_of_them_lock_the_right_one_out_too(
    stranger: Staff,
) -> None:
    answers = [stranger.log_in(f"guess {number}") for number in range(10)]
    assert [a.status_code for a in answers] == [403] * 5 + [429] * 5
    assert "not the password" in answers[0].text
    assert int(answers[-1].headers["retry-after"]) > 0
    assert stranger.log_in(PASSWORD).status_code == 429
    assert stranger.get("").status_code == 303


def test_a_log_in_form_of_another_site_is_refused(stranger: Staff) -> None:
    form = {"csrf": "made up", "name": "x", "password": PASSWORD}
    assert stranger.client.post("/staff/login", data=form).status_code == 403
    good = {**form, "csrf": stranger.csrf("/login")}
    elsewhere = {"Origin": "https://evil.example"}
    assert stranger.client.post("/staff/login", data=good, headers=elsewhere).status_code == 403
    assert stranger.get("").status_code == 303


def test_somebody_without_a_name_is_asked_for_it(stranger: Staff) -> None:
    for name in ("", "   ", "\x00", "a\u202eb"):
        assert stranger.log_in(name=name).status_code == 422, repr(name)


@pytest.mark.parametrize("csrf", ["", "x" * 43, "é"])
def test_a_form_without_the_sessions_token_does_nothing(
    member: Staff, engine: Engine, csrf: str
) -> None:
    before = list_publications(engine)
    for path in WRITE:
        response = member.post(path, csrf=csrf, digest=before[0].digest, family="botox", text="x")
        assert response.status_code == 403, path
        assert "Nothing was changed" in response.text
    assert list_publications(engine) == before
    assert member.get("").status_code == 200  # not even logged out


def test_a_form_of_one_session_is_none_of_another(member: Staff) -> None:
    other = Staff(member.base)
    other.log_in()
    assert member.post("/try", csrf=other.csrf(), text="hello").status_code == 403
    assert member.post("/try", text="hello").status_code == 200


def test_a_form_from_another_origin_does_nothing_even_with_the_token(member: Staff) -> None:
    response = member.client.post(
        "/staff/try",
        data={"csrf": member.csrf(), "text": "x"},
        headers={"Origin": "https://evil.example"},
    )
    assert response.status_code == 403


def test_logging_out_ends_the_session_for_every_copy_of_its_cookie(member: Staff) -> None:
    cookie = member.client.cookies["staff"]
    assert member.post("/logout").status_code == 303
    assert member.get("").status_code == 303
    again = httpx.get(
        f"{member.base}/staff", headers={"Cookie": f"staff={cookie}"}, trust_env=False
    )
    assert again.status_code == 303


def test_a_made_up_cookie_opens_nothing(stranger: Staff) -> None:
    for cookie in ("", "x", "x" * 5000, '"', "é".encode().decode("latin-1")):
        headers = {"Cookie": f"staff={cookie}".encode("latin-1")}
        assert stranger.client.get("/staff", headers=headers).status_code == 303, cookie


def test_the_database_holds_no_cookie(member: Staff, engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM staff_sessions").all()
    assert len(rows) == 1
    assert member.client.cookies["staff"] not in str(rows)


def test_every_page_is_private_and_runs_no_foreign_script(member: Staff) -> None:
    for path in READ:
        headers = member.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
