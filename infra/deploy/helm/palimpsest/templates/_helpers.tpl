{{- define "palimpsest.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "palimpsest.selector" -}}
app.kubernetes.io/name: palimpsest
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "palimpsest.labels" -}}
{{ include "palimpsest.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{/* kafka.bootstrap.servers is PALIMPSEST_KAFKA_BOOTSTRAP_SERVERS */}}
{{- define "palimpsest.environment" -}}
{{- range $key, $value := . -}}
- name: PALIMPSEST_{{ $key | upper | replace "." "_" }}
  value: {{ $value | toString | quote }}
{{ end }}
{{- end -}}

{{- define "palimpsest.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "palimpsest.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Where the index service reads the log, unless the settings say otherwise. */}}
{{- define "palimpsest.index" -}}
ledger.address: https://{{ include "palimpsest.name" . }}-ledger/log/
ledger.ca.file: /etc/palimpsest/ca.pem
{{- end -}}

{{/* What the retrain service finds the others by, unless the settings say otherwise. */}}
{{- define "palimpsest.retrain" -}}
retrain.index.address: https://{{ include "palimpsest.name" . }}-index
retrain.index.ca.file: /etc/palimpsest/ca.pem
temporal.address: {{ ternary (printf "%s-temporal:7233" (include "palimpsest.name" .)) "temporal:7233" .Values.temporal.enabled }}
temporal.namespace: {{ .Values.temporal.namespace }}
{{- end -}}
