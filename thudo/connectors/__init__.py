"""One file per neighbour system, a dummy beside each. No city, no tables, no words for people.

A connector speaks its neighbour's protocol and says what came of it: an answer, Unavailable (ask
again, with the same key) or Declined (never again). It keeps nothing: the slice that calls it
keeps what is still to be done, so that a process may die at any line.

    mail_in.py      IMAP, read only            mail_in_dummy.py
    mail_out.py     SMTP                       mail_out_dummy.py
    zalo.py         Zalo Official Account      zalo_dummy.py
    sms.py          an SMS gateway             sms_dummy.py
    city_app.py     the app that people know   city_app_dummy.py
    web_push.py     the push services of browsers  web_push_dummy.py
    openid.py       a sign-in (OpenID Connect) openid_dummy.py

Each dummy is a real server on a socket and can be told to misbehave (dummy.Manner).
"""
