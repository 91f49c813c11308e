"""People who sign in, the posts they hold, and keys for other systems."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from thudo.directory.models import Post


class UserManager(BaseUserManager["User"]):
    """Only what django.contrib.auth asks for; accounts are made by the deed register_user."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A member of staff. Residents need no account to file."""

    username = models.TextField(unique=True)
    display_name = models.TextField()
    is_active = models.BooleanField(default=True)
    # The city's technicians: settings and packs, no petitions.
    is_operator = models.BooleanField(default=False)
    is_invented = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        db_table = "accounts_user"

    def __str__(self) -> str:
        return self.display_name


class Holding(models.Model):
    """Who holds which post from when to when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_holding"

    def __str__(self) -> str:
        return f"{self.user_id} {self.post_id}"


class ApiKey(models.Model):
    """A key of another system: its secret is kept as a hash, its scopes say what it may do."""

    name = models.TextField()
    hash = models.BinaryField(unique=True)
    scopes = models.JSONField(default=list)
    unit = models.TextField(default="")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_api_key"

    def __str__(self) -> str:
        return self.name
