"""Parity of pages and API: each form of a page has a counterpart in the API."""

from flask import Flask

from .programs import V1

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Forms of pages, and the API routes that do the same, without the prefix /api/v1.
COUNTERPARTS = {
    "/admin/boards/<int:board_id>": ["PATCH /admin/boards/<slug>"],
    "/admin/boards/<int:board_id>/delete": ["DELETE /admin/boards/<slug>"],
    "/admin/boards/add": ["POST /admin/boards"],
    "/admin/flags/comments/<int:comment_id>": ["PUT /admin/flags/comments/<int:comment_id>/verdict"],
    "/admin/flags/posts/<int:post_id>": ["PUT /admin/flags/posts/<int:post_id>/verdict"],
    "/admin/tags/<int:tag_id>": ["PATCH /admin/tags/<name>"],
    "/admin/tags/<int:tag_id>/delete": ["DELETE /admin/tags/<name>"],
    "/admin/tags/<int:tag_id>/merge": ["POST /admin/tags/<name>/merge"],
    "/admin/tags/<int:tag_id>/synonyms": ["PUT /admin/tags/<name>/synonyms/<synonym>"],
    "/admin/tags/<int:tag_id>/synonyms/delete": ["DELETE /admin/tags/<name>/synonyms/<synonym>"],
    "/admin/tags/add": ["POST /admin/tags"],
    "/admin/users/<int:user_id>": ["PATCH /admin/users/<username>"],
    "/admin/users/<int:user_id>/delete": ["DELETE /admin/users/<username>", "DELETE /users/<username>"],
    "/admin/users/<int:user_id>/merge": ["POST /admin/users/<username>/merge"],
    "/admin/users/<int:user_id>/password": ["POST /admin/users/<username>/password-link"],
    "/admin/users/<int:user_id>/suspend": ["PUT /admin/users/<username>/suspension"],
    "/admin/users/<int:user_id>/unsuspend": ["DELETE /admin/users/<username>/suspension"],
    "/admin/users/add": ["POST /admin/users"],
    "/auth/confirm": ["POST /me/email/confirmations"],
    "/auth/forgot": ["POST /auth/forgot"],
    "/auth/login": ["POST /auth/login"],
    "/auth/logout": ["POST /auth/logout"],
    "/auth/reset/<token>": ["PUT /auth/password"],
    "/auth/signup": ["POST /auth/register"],
    "/boards/<slug>/follow": ["PUT /boards/<slug>/follow", "DELETE /boards/<slug>/follow"],
    "/comments/<int:comment_id>/delete": ["DELETE /comments/<int:comment_id>"],
    "/comments/<int:comment_id>/edit": ["PATCH /comments/<int:comment_id>"],
    "/comments/<int:comment_id>/flags": ["PUT /comments/<int:comment_id>/flag"],
    "/comments/<int:comment_id>/flags/delete": ["DELETE /comments/<int:comment_id>/flag"],
    "/comments/<int:comment_id>/restore": ["PUT /comments/<int:comment_id>/restore"],
    "/comments/<int:comment_id>/votes": [
        "PUT /comments/<int:comment_id>/vote",
        "DELETE /comments/<int:comment_id>/vote",
    ],
    "/files": ["POST /files"],
    "/guest/change": ["DELETE /me/handle"],
    "/jobs/<int:job_id>/cancel": ["PUT /jobs/<int:job_id>/cancel"],
    "/jobs/<int:job_id>/retry": ["PUT /jobs/<int:job_id>/retry"],
    "/jobs/purge": ["POST /admin/jobs"],
    "/jobs/rebuild-search": ["POST /admin/jobs"],
    "/messages/<int:conversation_id>": ["POST /conversations/<int:conversation_id>/messages"],
    "/messages/<int:conversation_id>/<int:message_id>/report": [
        "PUT /conversations/<int:conversation_id>/messages/<int:message_id>/report"
    ],
    "/messages/<int:conversation_id>/<int:message_id>/todo": [
        "PUT /conversations/<int:conversation_id>/messages/<int:message_id>/save",
        "DELETE /conversations/<int:conversation_id>/messages/<int:message_id>/save",
    ],
    "/messages/<int:conversation_id>/leave": ["DELETE /conversations/<int:conversation_id>"],
    "/messages/<int:conversation_id>/mute": [
        "PUT /conversations/<int:conversation_id>/mute",
        "DELETE /conversations/<int:conversation_id>/mute",
    ],
    "/messages/blocks/<username>": ["PUT /users/<username>/block"],
    "/messages/blocks/<username>/delete": ["DELETE /users/<username>/block"],
    "/messages/new": ["POST /conversations"],
    "/messages/read": ["POST /conversations/read"],
    "/notifications/read": ["PUT /notifications/read", "PUT /notifications/<int:notification_id>/read"],
    "/posts/<int:post_id>/accept": ["PUT /posts/<int:post_id>/accept", "DELETE /posts/<int:post_id>/accept"],
    "/posts/<int:post_id>/answers": ["POST /posts/<int:post_id>/answers"],
    "/posts/<int:post_id>/close": ["PUT /posts/<int:post_id>/close"],
    "/posts/<int:post_id>/comments": ["POST /posts/<int:post_id>/comments"],
    "/posts/<int:post_id>/delete": ["DELETE /posts/<int:post_id>"],
    "/posts/<int:post_id>/edit": ["PUT /posts/<int:post_id>", "PATCH /posts/<int:post_id>"],
    "/posts/<int:post_id>/flags": ["PUT /posts/<int:post_id>/flag"],
    "/posts/<int:post_id>/flags/delete": ["DELETE /posts/<int:post_id>/flag"],
    "/posts/<int:post_id>/follow": ["PUT /posts/<int:post_id>/follow", "DELETE /posts/<int:post_id>/follow"],
    "/posts/<int:post_id>/lock": ["PUT /posts/<int:post_id>/lock", "DELETE /posts/<int:post_id>/lock"],
    "/posts/<int:post_id>/move": ["PUT /posts/<int:post_id>/board"],
    "/posts/<int:post_id>/pin": ["PUT /posts/<int:post_id>/pin", "DELETE /posts/<int:post_id>/pin"],
    "/posts/<int:post_id>/reopen": ["DELETE /posts/<int:post_id>/close"],
    "/posts/<int:post_id>/restore": ["PUT /posts/<int:post_id>/restore"],
    "/posts/<int:post_id>/revisions/<int:number>/revert": ["POST /posts/<int:post_id>/revisions/<int:number>/revert"],
    "/posts/<int:post_id>/todo": ["PUT /posts/<int:post_id>/save", "DELETE /posts/<int:post_id>/save"],
    "/posts/<int:post_id>/votes": ["PUT /posts/<int:post_id>/vote", "DELETE /posts/<int:post_id>/vote"],
    "/posts/drafts": ["PUT /drafts/<place>"],
    "/posts/new": ["POST /posts"],
    "/posts/preview": ["POST /preview"],
    "/questions/ask": ["POST /posts"],
    "/settings": ["PATCH /me"],
    "/settings/account/email": ["PUT /me/email"],
    "/settings/account/password": ["PUT /me/password"],
    "/settings/avatar": ["PUT /me/avatar"],
    "/settings/avatar/remove": ["DELETE /me/avatar"],
    "/settings/leave/delete": ["DELETE /me"],
    "/settings/leave/export": ["POST /me/export"],
    "/settings/notifications": ["PUT /notifications/preferences"],
    "/settings/preferences": ["PATCH /me"],
    "/settings/sessions/<int:session_id>/end": ["DELETE /me/sessions/<int:session_id>"],
    "/settings/sessions/end-others": ["DELETE /me/sessions"],
    "/settings/tokens": ["POST /me/tokens"],
    "/settings/tokens/<int:token_id>/revoke": ["DELETE /me/tokens/<int:token_id>"],
    "/tags/<name>/edit": ["PATCH /tags/<name>"],
    "/tags/<name>/follow": ["PUT /tags/<name>/follow", "DELETE /tags/<name>/follow"],
    "/todos": ["POST /todos"],
    "/todos/<int:todo_id>/delete": ["DELETE /todos/<int:todo_id>"],
    "/todos/<int:todo_id>/done": ["PUT /todos/<int:todo_id>/done", "DELETE /todos/<int:todo_id>/done"],
    "/todos/<int:todo_id>/edit": ["PATCH /todos/<int:todo_id>"],
    "/todos/<int:todo_id>/move": ["PUT /todos/<int:todo_id>/position"],
    "/todos/done/delete": ["DELETE /todos/done"],
    "/todos/lists": ["POST /todo-lists"],
    "/todos/lists/<int:list_id>": ["PATCH /todo-lists/<int:list_id>"],
    "/todos/lists/<int:list_id>/delete": ["DELETE /todo-lists/<int:list_id>"],
    "/todos/restore": ["POST /todos/restorations"],
    "/tools/send-mail": ["POST /tools/mails"],
    "/tools/word-counter": ["POST /tools/word-counts"],
    "/users/<username>/follow": ["PUT /users/<username>/follow", "DELETE /users/<username>/follow"],
}
WITHOUT_COUNTERPART = {
    "/setup": "there is no account yet, so there is no token; `madang create-admin` does it for scripts",
    "/unsubscribe/<token>": "the address in a mail, which mail programs call by RFC 8058",
}


def test_every_form_has_a_counterpart(whole_app: Flask):
    forms = {
        rule.rule
        for rule in whole_app.url_map.iter_rules()
        if rule.methods and rule.methods & UNSAFE and not rule.rule.startswith("/api/")
    }
    listed = COUNTERPARTS.keys() | WITHOUT_COUNTERPART.keys()
    assert forms - listed == set(), "add each form with its API routes to COUNTERPARTS, or to WITHOUT_COUNTERPART"
    assert listed - forms == set(), "these forms are listed but do not exist"


def test_every_counterpart_exists(whole_app: Flask):
    routes = {
        f"{method} {rule.rule.removeprefix(V1)}"
        for rule in whole_app.url_map.iter_rules()
        if rule.rule.startswith(V1)
        for method in rule.methods or ()
    }
    named = {route for routes in COUNTERPARTS.values() for route in routes}
    assert named - routes == set(), "these API routes are named in COUNTERPARTS but do not exist"
