// Where temporary credentials of a role come from, as values only: what the environment of the process names.
#pragma once

#include <string>

namespace deltic::storage::s3 {

// Tried in this order; empty: not there.
struct RoleOptions {
  // A token that the cluster puts into a file (EKS), exchanged at AWS's token service.
  std::string token_file;
  std::string role_arn;
  std::string session_name;
  std::string sts_endpoint;  // "https://sts.eu-west-1.amazonaws.com"
  // A server beside the container (ECS, EKS Pod Identity).
  std::string container_url;
  std::string container_token;
  std::string container_token_file;
  // The metadata service of the machine (EC2).
  std::string instance_endpoint;  // "http://169.254.169.254"

  bool any() const { return !token_file.empty() || !container_url.empty() || !instance_endpoint.empty(); }
  bool operator==(const RoleOptions&) const = default;
};

}  // namespace deltic::storage::s3
