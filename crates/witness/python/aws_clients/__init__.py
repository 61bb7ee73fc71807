"""boto3's core and the AWS CLI as witnesses of the sandbox."""
