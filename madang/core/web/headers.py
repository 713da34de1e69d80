"""Security headers: Content-Security-Policy, HSTS, framing, referrer, content types."""

import secrets

from flask import Flask, Response, current_app, g, request


def csp_nonce() -> str:
    """Return this response's nonce; only script tags that carry it may run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(12)
    return g.csp_nonce


def init_app(app: Flask) -> None:
    app.after_request(_set_security_headers)


def _set_security_headers(response: Response) -> Response:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if response.mimetype == "text/html":
        script = f"'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'none'"
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data: https:; font-src 'self'; "
            "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        headers["X-Frame-Options"] = "DENY"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.is_secure and not current_app.debug:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
