// Precompiled header of spark/connect: gRPC and the generated messages.
#pragma once
#include <grpcpp/grpcpp.h>

#include "spark/connect/base.grpc.pb.h"
#include "spark/connect/base.pb.h"
