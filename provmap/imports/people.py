"""Who imports: the name that the machine knows the person by."""

import getpass


def user_name() -> str:
    """The name of the person who runs provmap, or "unknown": a container's user can be without a name."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "unknown"
