package shape

import (
	"reflect"
	"testing"
	"time"
)

type inner struct {
	Name *string
	When *time.Time
}

type outer struct {
	Inner  *inner
	Names  []string
	Number *int64
	Blob   []byte
	Each   map[string]*inner
}

func filled(t *testing.T, given Map) reflect.Value {
	t.Helper()
	value := reflect.New(reflect.TypeFor[outer]())
	if err := Fill(value.Elem(), given, nil); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestWhatTheSDKHoldsIsNotLost(t *testing.T) {
	parsed := filled(t, Map{
		"inner": Map{"name": "a"}, "names": List{"x", "y"}, "number": 7, "blob": []byte{1, 2},
		"each": Map{"k": Map{"name": "b"}},
	})
	sent := Map{
		"inner": Map{"name": "a"}, "names": List{"x", "y"}, "number": 7.0, "blob": "AQI=",
		"each": Map{"k": Map{"name": "b"}},
	}
	if lost := (Later{}).Lost(sent, parsed, "answer"); len(lost) != 0 {
		t.Error(lost)
	}
}

func TestEveryDifferenceIsALoss(t *testing.T) {
	parsed := filled(t, Map{"inner": Map{"name": "a"}, "names": List{"x"}, "number": 7, "blob": []byte{1}})
	for _, sent := range []Map{
		{"inner": Map{"name": "b"}},
		{"inner": Map{"title": "a"}},
		{"inner": Map{"when": 1.5}},
		{"names": List{"x", "y"}},
		{"names": List{"y"}},
		{"number": 8.0},
		{"blob": "AQI="},
		{"each": Map{"k": Map{}}},
		{"unknown": "a"},
	} {
		if lost := (Later{}).Lost(sent, parsed, "answer"); len(lost) == 0 {
			t.Errorf("%v was taken for the same", sent)
		}
	}
}

func TestAMemberThatIsNewerThanTheSDKIsNoLoss(t *testing.T) {
	parsed := filled(t, Map{})
	if lost := (Later{"outer.unknown": true}).Lost(Map{"unknown": "a"}, parsed, "answer"); len(lost) != 0 {
		t.Error(lost)
	}
}

func TestAMemberThatTheSDKDoesNotHaveCantBeGiven(t *testing.T) {
	value := reflect.New(reflect.TypeFor[outer]())
	if err := Fill(value.Elem(), Map{"unknown": "a"}, nil); err == nil {
		t.Error("it was accepted")
	}
}

func TestWantedMembersAreMissedInAnAnswerWithout(t *testing.T) {
	answer := Map{"a": List{Map{"b": "1", "c": 2.0}}}
	if missing := Missing(Map{"a": List{Map{"b": 1}}}, answer, "answer"); len(missing) != 0 {
		t.Error(missing)
	}
	for _, want := range []Map{{"a": List{}}, {"a": List{Map{"b": 2}}}, {"d": "x"}} {
		if missing := Missing(want, answer, "answer"); len(missing) == 0 {
			t.Errorf("%v was found", want)
		}
	}
}

func TestXMLBecomesMembersAndLists(t *testing.T) {
	body := `<R><RResult><Rules><member><Priority>1</Priority></member></Rules><None/></RResult></R>`
	answer, err := FromXML([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	want := Map{"Rules": List{Map{"Priority": "1"}}, "None": nil}
	if !reflect.DeepEqual(answer, want) {
		t.Errorf("%v", answer)
	}
}
