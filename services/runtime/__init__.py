"""What every program of the service shares: settings, tenant configuration, principals and the handling of commands."""
