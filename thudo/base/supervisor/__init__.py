"""One process that starts the others, keeps them running and leaves none behind."""

from thudo.base.supervisor.child import Child, Spec
from thudo.base.supervisor.supervisor import Supervisor

__all__ = ["Child", "Spec", "Supervisor"]
