"""Notifications of guests: their jobs and reminders."""

from madang.core.clock import now
from madang.core.db import transaction
from madang.notifications.operations.delivering import deliver_notices
from tests.accounts.test_guests import handle_on, id_of

from .notices import notice_of


def test_a_guest_is_notified_and_can_mark_it_read(app, people):
    guest = people.visitor()
    handle = handle_on(guest.page("/notifications"))
    guest.username = handle
    assert "Nothing yet" in guest.page("/notifications")
    payload = {"title": "Water the tree", "url": "/todos"}
    with app.app_context(), transaction():
        deliver_notices([notice_of(id_of(app, handle), "todo_due", payload)], now=now())
    for path in ("/notifications", "/notifications/recent", "/notifications?unread=1"):
        assert "Water the tree" in guest.page(path)
    assert guest.post("/notifications/read").status_code == 302
    assert "Water the tree" not in guest.page("/notifications?unread=1")


def test_guests_have_no_notification_preferences(visitor):
    page = visitor.page("/notifications")
    assert "/settings/notifications" not in page
    assert visitor.get("/settings/notifications").location.startswith("/auth/login")


def test_a_guest_cannot_read_anothers_notifications(app, ann, people):
    with app.app_context(), transaction():
        deliver_notices([notice_of(ann.id, "todo_due", {"title": "Hers", "url": "/"})], now=now())
    guest = people.visitor()
    assert "Hers" not in guest.page("/notifications")
    guest.username = "guest"
    guest.post("/notifications/read")
    assert "Hers" in ann.page("/notifications?unread=1")
