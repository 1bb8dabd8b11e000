"""What the hub itself may call: almost nothing (P1). One policy, one guard, one place that opens connections."""
