"""moto with what a deploy of task sets needs beside it: tasks that come and go, a swap of rules."""
