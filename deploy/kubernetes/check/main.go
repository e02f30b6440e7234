// Command check builds a kustomization and checks each manifest strictly against Kubernetes' own types, and against the others:
// selectors select, references lead to objects, probes and policies name existing ports, nothing runs as root.
package main

import (
	"fmt"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

type manifests struct {
	deployments []appsv1.Deployment
	services    []corev1.Service
	budgets     []policyv1.PodDisruptionBudget
	policies    []networkingv1.NetworkPolicy
	scalers     []autoscalingv2.HorizontalPodAutoscaler
	ingresses   []networkingv1.Ingress
	configs     []corev1.ConfigMap
	secrets     []corev1.Secret
	namespaces  []corev1.Namespace
}

func main() {
	failed := 0
	wrong := func(format string, values ...any) { failed++; fmt.Printf("✗ "+format+"\n", values...) }
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var found manifests
	for _, resource := range built.Resources() {
		text, err := resource.AsYAML()
		if err == nil {
			err = found.read(resource.GetApiVersion()+" "+resource.GetKind(), text)
		}
		if err != nil {
			wrong("%s %s: %v", resource.GetKind(), resource.GetName(), err)
		}
	}
	found.hold(wrong)
	fmt.Printf("%d manifests, %d errors\n", built.Size(), failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func (m *manifests) read(kind string, text []byte) error {
	switch kind {
	case "apps/v1 Deployment":
		return strict(&m.deployments, text)
	case "v1 Service":
		return strict(&m.services, text)
	case "policy/v1 PodDisruptionBudget":
		return strict(&m.budgets, text)
	case "networking.k8s.io/v1 NetworkPolicy":
		return strict(&m.policies, text)
	case "autoscaling/v2 HorizontalPodAutoscaler":
		return strict(&m.scalers, text)
	case "networking.k8s.io/v1 Ingress":
		return strict(&m.ingresses, text)
	case "v1 ConfigMap":
		return strict(&m.configs, text)
	case "v1 Secret":
		return strict(&m.secrets, text)
	case "v1 Namespace":
		return strict(&m.namespaces, text)
	}
	return fmt.Errorf("%s is not known here", kind)
}

// Unknown and repeated keys are errors.
func strict[T any](list *[]T, text []byte) error {
	var one T
	if err := yaml.UnmarshalStrict(text, &one); err != nil {
		return err
	}
	*list = append(*list, one)
	return nil
}

func (m *manifests) hold(wrong func(string, ...any)) {
	names := map[string]bool{}
	for _, config := range m.configs {
		names["config "+config.Name] = true
	}
	for _, secret := range m.secrets {
		names["secret "+secret.Name] = true
	}
	for _, deployment := range m.deployments {
		names["deployment "+deployment.Name] = true
		pod := deployment.Spec.Template
		if !selects(deployment.Spec.Selector, pod.Labels) {
			wrong("%s does not select its own pods", deployment.Name)
		}
		if secured := pod.Spec.SecurityContext; secured == nil || secured.RunAsNonRoot == nil || !*secured.RunAsNonRoot || secured.SeccompProfile == nil {
			wrong("%s may run as root, or without seccomp", deployment.Name)
		}
		for _, volume := range pod.Spec.Volumes {
			if volume.ConfigMap != nil && !names["config "+volume.ConfigMap.Name] {
				wrong("%s mounts %s, which is not there", deployment.Name, volume.ConfigMap.Name)
			}
		}
		for _, container := range pod.Spec.Containers {
			m.holdContainer(deployment.Name, container, names, wrong)
		}
	}
	for _, service := range m.services {
		names["service "+service.Name] = true
		for _, port := range service.Spec.Ports {
			if !m.listens(metav1.SetAsLabelSelector(service.Spec.Selector), port.TargetPort) {
				wrong("Service %s leads to no pod that listens on %s", service.Name, port.TargetPort.String())
			}
		}
	}
	for _, budget := range m.budgets {
		if len(m.pods(budget.Spec.Selector)) != 1 {
			wrong("PodDisruptionBudget %s holds for %d deployments", budget.Name, len(m.pods(budget.Spec.Selector)))
		}
	}
	for _, scaler := range m.scalers {
		if !names["deployment "+scaler.Spec.ScaleTargetRef.Name] {
			wrong("%s scales %s, which is not there", scaler.Name, scaler.Spec.ScaleTargetRef.Name)
		}
	}
	for _, policy := range m.policies {
		if len(m.pods(&policy.Spec.PodSelector)) == 0 {
			wrong("NetworkPolicy %s holds for nobody", policy.Name)
		}
		for _, rule := range policy.Spec.Ingress {
			for _, port := range rule.Ports {
				if !m.listens(&policy.Spec.PodSelector, *port.Port) {
					wrong("NetworkPolicy %s opens %s, on which nobody listens", policy.Name, port.Port.String())
				}
			}
		}
	}
	for _, ingress := range m.ingresses {
		for _, rule := range ingress.Spec.Rules {
			for _, path := range rule.HTTP.Paths {
				if !names["service "+path.Backend.Service.Name] {
					wrong("Ingress %s leads to %s, which is not there", ingress.Name, path.Backend.Service.Name)
				}
			}
		}
	}
}

func (m *manifests) holdContainer(name string, container corev1.Container, names map[string]bool, wrong func(string, ...any)) {
	for _, source := range container.EnvFrom {
		if source.ConfigMapRef != nil && !names["config "+source.ConfigMapRef.Name] {
			wrong("%s takes its settings from %s, which is not there", name, source.ConfigMapRef.Name)
		}
		if source.SecretRef != nil && !names["secret "+source.SecretRef.Name] {
			wrong("%s takes its secrets from %s, which is not there", name, source.SecretRef.Name)
		}
	}
	secured := container.SecurityContext
	if secured == nil || secured.ReadOnlyRootFilesystem == nil || !*secured.ReadOnlyRootFilesystem || secured.AllowPrivilegeEscalation == nil ||
		*secured.AllowPrivilegeEscalation || secured.Capabilities == nil || len(secured.Capabilities.Drop) != 1 || secured.Capabilities.Drop[0] != "ALL" {
		wrong("%s may write to its image or raise its rights", name)
	}
	if container.Resources.Limits.Memory().IsZero() || container.Resources.Requests.Cpu().IsZero() {
		wrong("%s lacks a memory limit or a CPU request", name)
	}
	for _, probe := range []*corev1.Probe{container.ReadinessProbe, container.LivenessProbe} {
		if probe == nil || probe.HTTPGet == nil || !listensOn(container, probe.HTTPGet.Port) {
			wrong("%s lacks a probe, or probes a port that is not there", name)
		}
	}
}

func selects(selector *metav1.LabelSelector, of map[string]string) bool {
	asked, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && asked.Matches(labels.Set(of))
}

func (m *manifests) pods(selector *metav1.LabelSelector) []corev1.PodTemplateSpec {
	var pods []corev1.PodTemplateSpec
	for _, deployment := range m.deployments {
		if selects(selector, deployment.Spec.Template.Labels) {
			pods = append(pods, deployment.Spec.Template)
		}
	}
	return pods
}

func (m *manifests) listens(selector *metav1.LabelSelector, port intstr.IntOrString) bool {
	pods := m.pods(selector)
	for _, pod := range pods {
		if !listensOn(pod.Spec.Containers[0], port) {
			return false
		}
	}
	return len(pods) > 0
}

func listensOn(container corev1.Container, port intstr.IntOrString) bool {
	for _, open := range container.Ports {
		if open.Name == port.StrVal || open.ContainerPort == port.IntVal {
			return true
		}
	}
	return false
}
