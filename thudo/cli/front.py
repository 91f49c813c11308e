"""The front: Caddy puts pages, streams and static files on one origin."""

from collections.abc import Sequence
from pathlib import Path

# Django's manifest storage puts 12 hex digits into a name; such a file never changes.
_TEMPLATE = """\
{{
	admin off
	auto_https {redirects}
	skip_install_trust
	persist_config off
	grace_period 3s
	storage file_system "{folder}/caddy"
	log {{
		output stderr
		level WARN
	}}
}}

{sites} {{
	bind {host}{certificate}
	request_body {{
		max_size 32MB
	}}

	@stream path /live/stream /live/health
	handle @stream {{
		reverse_proxy "unix/{live}" {{
			flush_interval -1
		}}
	}}

	handle /static/* {{
		encode zstd gzip
		@hashed path_regexp \\.[0-9a-f]{{12}}\\.[a-z0-9]+$
		header @hashed Cache-Control "public, max-age=31536000, immutable"
		header ?Cache-Control "public, max-age=300"
		header X-Content-Type-Options nosniff
		uri strip_prefix /static
		root "{static}"
		file_server
	}}

	handle {{
		encode zstd gzip
		reverse_proxy "unix/{web}" {{
			# A worker that is being started again costs a wait, not an error.
			lb_try_duration 12s
			lb_try_interval 100ms
			# A slow phone fills this, not one of the few threads of the pages; a piece of an upload
			# fits in (web/islands/upload/tus.ts).
			request_buffers 512KiB
		}}
	}}
}}
"""


def configuration(
    *,
    host: str,
    port: int,
    web: Path,
    live: Path,
    static: Path,
    folder: Path,
    names: Sequence[str] = (),
) -> str:
    """The Caddyfile; `web` and `live` are sockets, `folder` is where Caddy may keep state.

    With `names` it speaks HTTPS under each of them, with certificates of an authority of its own
    (`authority`): phones give position, camera and a place offline to HTTPS only.
    """
    sites = ", ".join(f"https://{name}:{port}" for name in names) or f"http://:{port}"
    return _TEMPLATE.format(
        sites=sites,
        redirects="disable_redirects" if names else "off",
        certificate="\n\ttls internal" if names else "",
        host=host, web=web, live=live, static=static, folder=folder,
    )  # fmt: skip


def authority(folder: Path) -> Path:
    """The certificate that a phone must trust, once Caddy has made it."""
    return folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
