#include "engine/functions/register.h"

#include "duckdb.hpp"
#include "engine/functions/space_filling_curve.h"

namespace deltic::engine::functions {

void RegisterCryptoKernels(duckdb::ExtensionLoader& loader);
void RegisterSketchKernels(duckdb::ExtensionLoader& loader);
void RegisterXmlKernels(duckdb::ExtensionLoader& loader);
void RegisterSentenceKernels(duckdb::ExtensionLoader& loader);

void RegisterFunctions(duckdb::DatabaseInstance& db) {
  duckdb::ExtensionLoader loader(db, "deltic");
  RegisterCastKernels(loader);
  RegisterArithmeticKernels(loader);
  RegisterPredicateKernels(loader);
  RegisterMathKernels(loader);
  RegisterAggregateKernels(loader);
  RegisterMiscKernels(loader);
  RegisterConstraintKernels(loader);
  RegisterCurveKernels(loader);
  RegisterStringKernels(loader);
  RegisterRegexKernels(loader);
  RegisterDatetimeKernels(loader);
  RegisterJsonKernels(loader);
  RegisterUrlKernels(loader);
  RegisterHashKernels(loader);
  RegisterCollectionKernels(loader);
  RegisterCryptoKernels(loader);
  RegisterSketchKernels(loader);
  RegisterXmlKernels(loader);
  RegisterSentenceKernels(loader);
}

}  // namespace deltic::engine::functions
