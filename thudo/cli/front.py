"""The front: Caddy puts pages, streams and static files on one origin."""

from pathlib import Path

# Django's manifest storage puts 12 hex digits into a name; such a file never changes.
_TEMPLATE = """\
{{
	admin off
	auto_https off
	persist_config off
	grace_period 3s
	storage file_system "{folder}/caddy"
	log {{
		output stderr
		level WARN
	}}
}}

http://:{port} {{
	bind {host}
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
		}}
	}}
}}
"""


def configuration(
    *, host: str, port: int, web: Path, live: Path, static: Path, folder: Path
) -> str:
    """The Caddyfile; `web` and `live` are sockets, `folder` is where Caddy may keep state."""
    return _TEMPLATE.format(host=host, port=port, web=web, live=live, static=static, folder=folder)
