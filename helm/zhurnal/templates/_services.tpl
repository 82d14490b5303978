{{/*
The services that run: name -> defaults merged with the entry's own values, plus
`name`, `peers` (whom it connects to) and `callers` (who connects to it). As YAML.
*/}}
{{- define "zhurnal.services" -}}
{{- $services := dict -}}
{{- range $name, $own := .Values.services -}}
  {{- $service := mustMergeOverwrite (deepCopy $.Values.defaults) (deepCopy ($own | default dict)) -}}
  {{- if $service.enabled -}}
    {{- $peers := concat $service.calls $service.listens | uniq | sortAlpha -}}
    {{- $_ := mustMerge $service (dict "name" $name "peers" $peers "callers" list) -}}
    {{- $_ := set $services $name $service -}}
  {{- end -}}
{{- end -}}
{{- range $name, $service := $services -}}
  {{- range $peer := $service.peers -}}
    {{- $target := get $services $peer | required (printf "services.%s calls or listens to %s, which does not run" $name $peer) -}}
    {{- if ne $target.expose "grpc" -}}
      {{- fail (printf "services.%s calls or listens to %s, which offers no gRPC" $name $peer) -}}
    {{- end -}}
    {{- $_ := set $target "callers" (append $target.callers $name) -}}
  {{- end -}}
{{- end -}}
{{- toYaml $services -}}
{{- end -}}

{{/* The fewest pods a service runs with. Argument: service. */}}
{{- define "zhurnal.fewestPods" -}}
{{- if eq .autoscaling.kind "none" -}}{{ .replicas }}{{- else -}}{{ .autoscaling.min }}{{- end -}}
{{- end -}}

{{/* Name of a service's objects. Arguments: root, service name. */}}
{{- define "zhurnal.name" -}}
{{- $root := index . 0 -}}
{{- printf "%s-%s" ($root.Release.Name | trunc 40 | trimSuffix "-") (index . 1) -}}
{{- end -}}

{{/* Labels that select a service's pods. Arguments: root, service name. */}}
{{- define "zhurnal.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Labels of every object. Arguments: root, service name. */}}
{{- define "zhurnal.labels" -}}
{{- $root := index . 0 -}}
{{ include "zhurnal.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end -}}

{{- define "zhurnal.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Secret with the URL of a service's database. Argument: service. */}}
{{- define "zhurnal.databaseSecret" -}}
{{- .database.existingSecret | default (printf "%s-db-app" .name) -}}
{{- end -}}
