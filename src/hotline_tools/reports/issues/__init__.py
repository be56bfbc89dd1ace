"""What the reports of repeat issues share: the issues in scope and the escalation rules."""
