"""When to poll next: fixed intervals, and the policy that learns. Pure; durations in seconds."""
