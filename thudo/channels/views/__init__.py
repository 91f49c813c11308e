"""Where other systems knock (webhooks), where the app sends people, and how the doors do."""
