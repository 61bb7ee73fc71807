"""Answers of Query services, in XML."""

import xml.etree.ElementTree as ElementTree

from . import scalars


def faults(answer, operation):
    """What is wrong with a good answer."""
    found = header_faults(answer)
    root, problem = parse(answer)
    if root is None:
        return [*found, problem]
    space = namespace(operation)
    found += _name_faults(root, space, f"{operation.name}Response")
    parts = [child.tag for child in root]
    result = f"{operation.name}Result"
    if parts != [space + result, space + "ResponseMetadata"]:
        return [*found, f"the answer's parts are {parts}"]
    if not (root[1].findtext(space + "RequestId") or "").strip():
        found.append("ResponseMetadata has no RequestId")
    if operation.output_shape is None:
        return found
    return found + list(_structure("", root[0], operation.output_shape, space))


def header_faults(answer):
    """What is wrong with the headers of any answer."""
    content_type = answer.headers.get("content-type") or ""
    found = []
    if content_type.split(";")[0] != "text/xml":
        found.append(f"the content type is {content_type}, text/xml is due")
    if not answer.headers.get("x-amzn-requestid"):
        found.append("there is no x-amzn-RequestId")
    return found


def parse(answer):
    """The root element, or why there is none."""
    try:
        return ElementTree.fromstring(answer.body), None
    except ElementTree.ParseError as error:
        return None, f"the body is no XML: {error}"


def namespace(operation):
    return "{%s}" % operation.service_model.metadata["xmlNamespace"]


def _name_faults(element, space, name):
    return (
        [] if element.tag == space + name else [f"{element.tag} stands where {space}{name} is due"]
    )


def _value(path, element, shape, space):
    if shape.type_name == "structure":
        return _structure(path, element, shape, space)
    if shape.type_name == "list":
        return _list(path, element, shape, space)
    if shape.type_name == "map":
        return _map(path, element, shape, space)
    if len(element):
        return [f"{path} is a {shape.type_name} and has elements"]
    return [f"{path}: {fault}" for fault in scalars.xml_faults(element.text or "", shape)]


def _structure(path, element, shape, space):
    found = _text_faults(path, element)
    seen = set()
    for child in element:
        name = child.tag.removeprefix(space)
        if name in seen:
            found.append(f"{path} has {name} twice")
        seen.add(name)
        if name not in shape.members:
            found.append(f"{path} has {child.tag}, which {shape.name} does not know")
        else:
            found += _value(f"{path}.{name}".lstrip("."), child, shape.members[name], space)
    return found + [f"{path} lacks {name}" for name in shape.required_members if name not in seen]


def _list(path, element, shape, space):
    found = _text_faults(path, element)
    found += [f"{path} {fault}" for fault in scalars.length_faults(len(element), shape)]
    name = shape.member.serialization.get("name", "member")
    for index, child in enumerate(element):
        found += _name_faults(child, space, name)
        found += _value(f"{path}[{index}]", child, shape.member, space)
    return found


def _map(path, element, shape, space):
    found = _text_faults(path, element)
    for entry in element:
        parts = {child.tag.removeprefix(space): child for child in entry}
        if set(parts) != {"key", "value"}:
            found.append(f"{path} has an entry of {sorted(parts)}")
        else:
            found += _value(f"{path}[]", parts["value"], shape.value, space)
    return found


def _text_faults(path, element):
    pieces = [element.text, *(child.tail for child in element)]
    stray = "".join(piece or "" for piece in pieces).strip()
    return [f"{path} has text between its elements: {stray!r}"] if stray else []
