"""The GraphQL documents that the command line sends."""

from typing import Final

CREATE_PROJECT: Final = """
mutation CreateProject($name: String!) {
  createProject(input: {name: $name}) {
    __typename
    ... on CreateProjectSuccess { project { id name } }
    ... on Failure { code message }
  }
}
"""

CANCEL: Final = """
mutation Cancel($id: ID!) {
  cancelGeneration(id: $id) {
    __typename
    ... on CancelGenerationSuccess { generation { id status } }
    ... on Failure { code message }
  }
}
"""

GENERATE: Final = """
subscription Generate($input: StartGenerationInput!) {
  generate(input: $input) {
    __typename
    ... on StreamEvent { generationId seq cursor at }
    ... on GenerationAccepted { joinedExisting }
    ... on GenerationProgress { percent message }
    ... on GenerationOutput { text fromSeq }
    ... on GenerationOutputRetracted { fromSeq }
    ... on GenerationToolUse { tool path }
    ... on GenerationCodeProposed {
      mode summary suggestions files { path content } edits { path oldString newString }
    }
    ... on GenerationReply { reply: message suggestions }
    ... on GenerationRestoreProposed { question: message confirmLabel cancelLabel }
    ... on GenerationImagesReady { images { name url } }
    ... on GenerationProjectRenamed { name }
    ... on GenerationCompleted { mode closing: message version { hash } }
    ... on GenerationFailed { code error: message retryable }
    ... on GenerationRefused { code error: message }
    ... on Snapshot { text reached: percent paths: files }
    ... on StreamGap { missingFrom missingTo reason }
    ... on UnknownEvent { kind json }
    ... on GenerationStarted { seq }
    ... on GenerationCancelled { seq }
  }
}
"""
