"""Sign-in and sign-out."""

from django.conf import settings
from django.contrib import auth
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from thudo.accounts import actions
from thudo.accounts.forms import SignInForm
from thudo.accounts.gate import Request, gate
from thudo.base.clock import now


@never_cache
@gate("page.public")
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.user:
        auth.login(request, form.user)
        return redirect(_next(request))
    status = 422 if request.method == "POST" else 200
    page = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "accounts/sign_in.html", page, status=status)


@gate("page.public")
@require_POST
def sign_out(request: Request) -> HttpResponse:
    if request.user.is_authenticated and request.session.session_key:
        actions.end_session(request.session.session_key, actor=request.actor.key, at=now())
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _next(request: Request) -> str:
    wanted = request.POST.get("next", "")
    # An address of another site would make the sign-in page a springboard for phishing.
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return settings.LOGIN_REDIRECT_URL
