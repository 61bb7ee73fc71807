//! Query requests and XML answers.
