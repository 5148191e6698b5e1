"""Downloads one source archive or wheel of a PyPI package, exactly pinned, through pip's own configuration.

    python fetch.py sdist|wheel NAME VERSION FILE SHA256 DIRECTORY

pip's `download` would also build the package's metadata (minutes for duckdb); this asks pip for the link and
downloads just the file. Exit code 1 and one line on stderr when the file is missing or its hash differs.
"""

import hashlib
import pathlib
import sys


def find_link(name: str, filename: str):
    """(url, session) of `filename` among the package's links, by pip's configured index and certificates."""
    from pip._internal.commands import create_command

    command = create_command("download")
    options, _ = command.parse_args(["--no-deps", name])
    session = command._build_session(options)
    finder = command._build_package_finder(options=options, session=session)
    for candidate in finder.find_all_candidates(name):
        if candidate.link.filename == filename:
            return candidate.link.url_without_fragment, session
    return None, session


def main() -> int:
    _, name, _version, filename, sha256, directory = sys.argv[1:]
    target = pathlib.Path(directory) / filename
    url, session = find_link(name, filename)
    if url is None:
        print(f"fetch: {filename} is not offered by the package index", file=sys.stderr)
        return 1
    digest = hashlib.sha256()
    partial = target.with_suffix(".partial")
    with session.get(url, stream=True) as response, partial.open("wb") as out:
        response.raise_for_status()
        for block in response.iter_content(1 << 20):
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != sha256:
        print(f"fetch: {filename} has sha256 {digest.hexdigest()}, expected {sha256}", file=sys.stderr)
        return 1
    partial.rename(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
