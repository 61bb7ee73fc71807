package shape

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Recorder carries requests, and keeps the body of the last answer.
type Recorder struct {
	body    []byte
	isQuery bool
}

// RoundTrip makes it the transport of an HTTP client.
func (r *Recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	r.body, err = io.ReadAll(response.Body)
	_ = response.Body.Close()
	r.isQuery = strings.HasPrefix(response.Header.Get("Content-Type"), "text/xml")
	response.Body = io.NopCloser(bytes.NewReader(r.body))
	return response, err
}

// Client sends its requests through the recorder.
func (r *Recorder) Client() *http.Client {
	return &http.Client{Transport: r}
}

// Answer is the last answer as it was sent.
func (r *Recorder) Answer() (any, error) {
	if r.isQuery {
		return FromXML(r.body)
	}
	var answer any
	err := json.Unmarshal(r.body, &answer)
	return answer, err
}
