"""Raw answers, held against botocore's service models by rules stricter than botocore's own."""
