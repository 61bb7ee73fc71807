"""botocore's client, with what would hide the sandbox's answer switched off."""

from dataclasses import dataclass

import botocore.exceptions
import botocore.session
from botocore.config import Config

from .answers import errors, json_answer, xml_answer

REGION = "us-east-1"


@dataclass
class Answer:
    """One HTTP answer as it came, and what botocore made of it."""

    status: int
    headers: dict
    body: bytes
    parsed: dict | None = None
    # Why botocore itself could not read it.
    trouble: str | None = None

    @classmethod
    def of(cls, response):
        """The answer that botocore is about to parse."""
        headers = {name.lower(): value for name, value in response["headers"].items()}
        return cls(response["status_code"], headers, response["body"])

    def is_good(self):
        return self.status == 200


class Client:
    """Calls of one service on behalf of one account."""

    def __init__(self, endpoint, service, account):
        self.service = service
        self._tamper = None
        self._answer = None
        self._client = _session().create_client(
            service,
            region_name=REGION,
            endpoint_url=endpoint,
            aws_access_key_id=account,
            aws_secret_access_key="unchecked",
            config=Config(
                parameter_validation=False, retries={"total_max_attempts": 1}, proxies={}
            ),
        )
        events = self._client.meta.events
        events.register("before-call", self._before_call)
        events.register("before-parse", self._before_parse)

    def operation(self, name):
        return self._client.meta.service_model.operation_model(name)

    def call(self, name, given, tamper=None):
        """Calls an operation; `tamper` may change the request before it is signed."""
        self._tamper, self._answer = tamper, None
        parsed, trouble = None, None
        try:
            parsed = self._client._make_api_call(name, given)
        except botocore.exceptions.ClientError as error:
            parsed = error.response
        except Exception as error:
            # An answer that breaks botocore's parser is a fault of the answer, however it breaks.
            if self._answer is None:
                raise
            trouble = f"botocore can't read it: {error!r}"
        self._answer.parsed, self._answer.trouble = parsed, trouble
        return self._answer

    def must(self, name, given):
        """What a call answers that sets something up, and so has to succeed."""
        answer = self.call(name, given)
        if not answer.is_good():
            raise SetUpFailed(f"{name}: {answer.body.decode(errors='replace')}")
        return answer.parsed

    def faults(self, name, answer, allowed=None):
        """What is wrong with an answer, good or bad, by botocore's model of the operation."""
        operation = self.operation(name)
        if answer.trouble:
            return [answer.trouble]
        if not answer.is_good():
            allowed = errors.INPUT_ERRORS[self.service] if allowed is None else allowed
            return errors.faults(answer, operation, allowed)
        is_json = operation.service_model.metadata["protocol"] == "json"
        return (json_answer if is_json else xml_answer).faults(answer, operation)

    def _before_call(self, params, **_):
        if self._tamper is not None:
            self._tamper(params)

    def _before_parse(self, response_dict, **_):
        self._answer = Answer.of(response_dict)


class SetUpFailed(Exception):
    """A call failed that others build on."""


_SESSION = None


def _session():
    """One session for all clients: it loads each service's model once."""
    global _SESSION
    if _SESSION is None:
        _SESSION = botocore.session.get_session()
    return _SESSION
