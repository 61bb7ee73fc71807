package story

import (
	"errors"
	"fmt"

	"ecs-deploy/witness/shape"
)

const table = "Rows"

// text and number are attribute values.
func text(value string) shape.Map   { return shape.Map{"S": value} }
func number(value string) shape.Map { return shape.Map{"N": value} }

// row names a row of the table, with further members of a call.
func row(kind string, members shape.Map) shape.Map {
	all := shape.Map{"TableName": table, kind: shape.Map{"key": text("a"), "sort": number("1")}}
	for name, value := range members {
		all[name] = value
	}
	return all
}

func (t *Teller) keepsRows() error {
	if err := t.createTable(); err != nil {
		return err
	}
	item := shape.Map{
		"key": text("a"), "sort": number("1"), "truth": shape.Map{"BOOL": true},
		"names": shape.Map{"SS": shape.List{"x", "y"}},
		"deep":  shape.Map{"M": shape.Map{"list": shape.Map{"L": shape.List{text("ü"), shape.Map{"NULL": true}}}}},
	}
	absent := shape.Map{"ConditionExpression": "attribute_not_exists(#k)",
		"ExpressionAttributeNames": shape.Map{"#k": "key"}, "Item": item}
	return errors.Join(
		t.shows(DynamoDB, "PutItem", row("Item", absent), shape.Map{}),
		t.shows(DynamoDB, "GetItem", row("Key", shape.Map{"ConsistentRead": true}), shape.Map{"Item": item}),
		t.shows(DynamoDB, "UpdateItem", row("Key", shape.Map{
			"UpdateExpression":          "SET #t = :t REMOVE #n",
			"ExpressionAttributeNames":  shape.Map{"#t": "truth", "#n": "names"},
			"ExpressionAttributeValues": shape.Map{":t": shape.Map{"BOOL": false}},
			"ReturnValues":              "ALL_NEW",
		}), shape.Map{"Attributes": shape.Map{"truth": shape.Map{"BOOL": false}, "deep": item["deep"]}}),
		t.shows(DynamoDB, "DeleteItem", row("Key", shape.Map{}), shape.Map{}),
		t.isAbsent(),
	)
}

func (t *Teller) createTable() error {
	return t.shows(DynamoDB, "CreateTable", shape.Map{
		"TableName": table, "BillingMode": "PAY_PER_REQUEST",
		"KeySchema": shape.List{
			shape.Map{"AttributeName": "key", "KeyType": "HASH"},
			shape.Map{"AttributeName": "sort", "KeyType": "RANGE"},
		},
		"AttributeDefinitions": shape.List{
			shape.Map{"AttributeName": "key", "AttributeType": "S"},
			shape.Map{"AttributeName": "sort", "AttributeType": "N"},
		},
	}, shape.Map{"TableDescription": shape.Map{"TableName": table, "TableStatus": "ACTIVE"}})
}

func (t *Teller) isAbsent() error {
	answer, err := t.good(DynamoDB, "GetItem", row("Key", shape.Map{}))
	if err == nil && answer["Item"] != nil {
		return fmt.Errorf("the row is still there: %v", answer)
	}
	return err
}

func (t *Teller) queries() error {
	for _, sort := range []string{"2", "10", "9"} {
		item := shape.Map{"key": text("q"), "sort": number(sort)}
		if _, err := t.good(DynamoDB, "PutItem", shape.Map{"TableName": table, "Item": item}); err != nil {
			return err
		}
	}
	found := func(sort string) shape.Map { return shape.Map{"sort": number(sort)} }
	return t.shows(DynamoDB, "Query", shape.Map{
		"TableName": table, "KeyConditionExpression": "#k = :k", "ScanIndexForward": false, "Limit": 2,
		"ExpressionAttributeNames":  shape.Map{"#k": "key"},
		"ExpressionAttributeValues": shape.Map{":k": text("q")},
	}, shape.Map{"Count": 2, "Items": shape.List{found("10"), found("9")}})
}

func (t *Teller) refusesRows() error {
	never := shape.Map{
		"ConditionExpression":      "attribute_exists(#k)",
		"ExpressionAttributeNames": shape.Map{"#k": "key"},
	}
	elsewhere := row("Key", shape.Map{})
	elsewhere["TableName"] = "Nowhere"
	return errors.Join(
		t.refused(DynamoDB, "DeleteItem", row("Key", never), "ConditionalCheckFailedException", listed),
		t.refused(DynamoDB, "PutItem", row("Item", never), "ConditionalCheckFailedException", listed),
		t.refused(DynamoDB, "GetItem", elsewhere, "ResourceNotFoundException", listed),
		t.refused(DynamoDB, "UpdateItem", row("Key", shape.Map{"UpdateExpression": "SETT x"}),
			"ValidationException", unlisted),
	)
}
