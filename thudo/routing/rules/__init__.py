"""Pure decisions of routing: who answers, what is it about."""
