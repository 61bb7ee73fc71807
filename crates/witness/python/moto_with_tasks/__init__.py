"""moto with what a deploy of task sets needs and moto leaves out: tasks that come and go, and a swap."""
