"""The headers that tell a browser what a page of ours may do: nothing but what it was built to."""

_SHARED = [
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"x-frame-options", b"DENY"),
]
# Covers come from the sources' own servers; styles may be attributes because Svelte sets them so.
_WEB_APP_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    b"img-src 'self' https: data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    b"worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_PLAIN_PAGE_POLICY = (
    b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
WEB_APP = [*_SHARED, (b"content-security-policy", _WEB_APP_POLICY)]
PLAIN_PAGE = [*_SHARED, (b"content-security-policy", _PLAIN_PAGE_POLICY)]
