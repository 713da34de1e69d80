"""Pages of the tools, each of which enqueues a job and redirects to it."""

from flask import Blueprint, current_app, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.settings import setting
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limited_rate

from .forms import CountForm, MailForm
from .jobs import count_words, send_an_email
from .operations.enqueueing import check_mail, check_word_count, enqueue_once
from .policies import can_send_mail

bp = Blueprint("tools", __name__, url_prefix="/tools")


@bp.get("/word-counter")
@identity_required
def word_counter() -> str:
    return _count_page(CountForm(formdata=None))


def _count_page(form: CountForm) -> str:
    return render_template("tools/word_counter.html", form=form.set_labels())


@bp.post("/word-counter")
@api_twin("POST /tools/word-counts")
@identity_required
def ask_count() -> AnyResponse | tuple[str, int]:
    form, actor = CountForm(), current_actor()
    with form.submitted():
        arguments = check_word_count(text=form.input_text("text"), url=form.input_text("url"), actor=actor)
        with limited_rate("tool"):
            job = enqueue_once(count_words, arguments, actor=actor, now=now())
        return redirect(f"/jobs/{job.id}")
    return _count_page(form), form.status


@bp.get("/send-mail")
@identity_required
def mail() -> str:
    return _mail_page(MailForm(formdata=None))


def _is_production() -> bool:
    return current_app.config["ENVIRONMENT"] == "production"


def _mail_page(form: MailForm) -> str:
    per_day = setting("SEND_MAIL_PER_DAY")
    may_send = can_send_mail(current_actor(), is_production=_is_production()) and per_day > 0
    return render_template("tools/send_mail.html", form=form.set_labels(), may_send=may_send, per_day=per_day)


@bp.post("/send-mail")
@api_twin("POST /tools/mails")
@identity_required
def ask_mail() -> AnyResponse | tuple[str, int]:
    form, actor = MailForm(), current_actor()
    with form.submitted():
        fields = {name: form.text(name) for name in ("to", "subject", "body")}
        arguments = check_mail(**fields, actor=actor, is_production=_is_production())
        per_day = setting("SEND_MAIL_PER_DAY")
        with limited_rate("tool"):
            job = enqueue_once(send_an_email, arguments, actor=actor, now=now(), per_day=per_day)
        return redirect(f"/jobs/{job.id}")
    return _mail_page(form), form.status
