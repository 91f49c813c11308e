"""What a resident types, and what is wrong with it, in sentences."""

from thudo.petitions.forms.filing import FilingForm
from thudo.petitions.forms.follow import FollowForm
from thudo.petitions.forms.following import FindForm, SupplementForm, VerdictForm

__all__ = ["FilingForm", "FindForm", "FollowForm", "SupplementForm", "VerdictForm"]
