// Conditions that Spark 3.5 has not: those that Spark Connect 4.x clients know, and our own.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"AUTHENTICATION_FAILED", "28000", ExceptionKind::kSpark,
     "The bearer token is missing or wrong."},
    {"CONNECT_INVALID_PLAN.CANNOT_PARSE", "56K00", ExceptionKind::kSpark,
     "The Spark Connect plan is invalid. Cannot decompress or parse the input plan "
     "(<errorMsg>)"},
    {"CONNECT_INVALID_PLAN.TOO_DEEP", "56K00", ExceptionKind::kSpark,
     "The Spark Connect plan is invalid. It is nested deeper than <limit> levels."},
    {"CONNECT_INVALID_PLAN.MISSING_FIELD", "56K00", ExceptionKind::kSpark,
     "The Spark Connect plan is invalid. <message> needs the field <field>."},
    {"INVALID_ARTIFACT", "22023", ExceptionKind::kIllegalArgument,
     "The artifact <name> is invalid: <reason>."},
    {"INVALID_CONF_VALUE.OUT_OF_RANGE", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. <requirement>"},
    {"INVALID_CONF_VALUE.TIME_ZONE", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. Cannot resolve the given "
     "timezone."},
    {"INVALID_CONF_VALUE.TYPE_MISMATCH", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. <confName> should be "
     "<confType>, but was <confValue>"},
    {"INVALID_HANDLE.OPERATION_ABANDONED", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Operation was considered abandoned because of inactivity "
     "and removed."},
    {"INVALID_HANDLE.SESSION_CHANGED", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. The existing Spark server driver instance has restarted. "
     "Please reconnect."},
    {"INVALID_HANDLE.SESSION_CLOSED", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Session was closed."},
    {"IO_ERROR", "58030", ExceptionKind::kIo, ""},
    {"SERVER_BUSY", "53300", ExceptionKind::kSpark,
     "The server has reached its limit of <limit> <what>."},
    {"SERVER_STOPPING", "57P01", ExceptionKind::kSpark, "The server is stopping."},
    {"UNSUPPORTED_FEATURE", "0A000", ExceptionKind::kUnsupportedOperation,
     "The feature is not supported: <feature>."},
};
}  // namespace

std::span<const ConditionRow> ConnectConditions() { return kRows; }

}  // namespace deltic::spark::errors
