"""What happens to photos when a petition goes out of public sight, or comes back."""

from thudo.cases.actions.answer import PUBLIC_PURPOSES
from thudo.cases.models import Answer
from thudo.files.actions import conceal_files, publish_files
from thudo.petitions.models import Petition


def follow_sight(petition: Petition) -> None:
    """An address of a photo once copied shows nothing of a hidden petition.

    The sender's own photos do not come back by themselves: a desk looks at them again. Called in
    the deed that hides or shows, after its cases.
    """
    if petition.is_hidden:
        conceal_files("petition", str(petition.pk))
    for link in petition.links.select_related("case"):
        subject = str(link.case_id)
        if not link.case.is_public:
            conceal_files("case", subject)
        elif Answer.objects.filter(case=link.case).exclude(published_at=None).exists():
            publish_files("case", subject, purposes=PUBLIC_PURPOSES)
