// Relation messages of DataFrameStatFunctions and DataFrameNaFunctions.
#include "spark/connect/decoder.h"

namespace deltic::spark::connect {
namespace {

using plan::ExpressionPtr;
using plan::RelationPtr;
using RelationNode = std::shared_ptr<plan::Relation>;
using Kind = proto::Relation::RelTypeCase;

std::vector<std::string> Strings(const google::protobuf::RepeatedPtrField<std::string>& list) {
  return {list.begin(), list.end()};
}

}  // namespace

Result<RelationNode> Decoder::DecodeStatistics(const proto::Relation& m) {
  auto make = [&](plan::RelationKind kind, const auto& message,
                  const char* name) -> Result<std::shared_ptr<plan::StatFunction>> {
    ASSIGN_OR_RETURN(RelationPtr child, Input(message.input(), message.has_input(), name));
    return std::make_shared<plan::StatFunction>(kind, std::move(child));
  };
  switch (m.rel_type_case()) {
    case Kind::kSummary: {
      ASSIGN_OR_RETURN(auto out, make(plan::RelationKind::kSummary, m.summary(), "StatSummary"));
      out->statistics = Strings(m.summary().statistics());
      return RelationNode(std::move(out));
    }
    case Kind::kDescribe: {
      ASSIGN_OR_RETURN(auto out, make(plan::RelationKind::kDescribe, m.describe(), "StatDescribe"));
      out->columns = Strings(m.describe().cols());
      return RelationNode(std::move(out));
    }
    case Kind::kCrosstab: {
      ASSIGN_OR_RETURN(auto out, make(plan::RelationKind::kCrosstab, m.crosstab(), "StatCrosstab"));
      out->columns = {m.crosstab().col1(), m.crosstab().col2()};
      return RelationNode(std::move(out));
    }
    case Kind::kCov: {
      ASSIGN_OR_RETURN(auto out, make(plan::RelationKind::kCov, m.cov(), "StatCov"));
      out->columns = {m.cov().col1(), m.cov().col2()};
      return RelationNode(std::move(out));
    }
    case Kind::kCorr: {
      ASSIGN_OR_RETURN(auto out, make(plan::RelationKind::kCorr, m.corr(), "StatCorr"));
      out->columns = {m.corr().col1(), m.corr().col2()};
      out->method = m.corr().has_method() ? m.corr().method() : "pearson";
      return RelationNode(std::move(out));
    }
    case Kind::kApproxQuantile: {
      const auto& quantile = m.approx_quantile();
      ASSIGN_OR_RETURN(auto out, make(plan::RelationKind::kApproxQuantile, quantile, "StatApproxQuantile"));
      out->columns = Strings(quantile.cols());
      out->probabilities.assign(quantile.probabilities().begin(), quantile.probabilities().end());
      out->relative_error = quantile.relative_error();
      return RelationNode(std::move(out));
    }
    default: {
      ASSIGN_OR_RETURN(auto out, make(plan::RelationKind::kFreqItems, m.freq_items(), "StatFreqItems"));
      out->columns = Strings(m.freq_items().cols());
      if (m.freq_items().has_support()) out->support = m.freq_items().support();
      return RelationNode(std::move(out));
    }
  }
}

Result<RelationNode> Decoder::DecodeSampleBy(const proto::StatSampleBy& m) {
  ASSIGN_OR_RETURN(RelationPtr child, Input(m.input(), m.has_input(), "StatSampleBy"));
  auto out = std::make_shared<plan::StatFunction>(plan::RelationKind::kSampleBy, std::move(child));
  ASSIGN_OR_RETURN(out->column, DecodeExpression(m.col()));
  for (const auto& fraction : m.fractions()) {
    ASSIGN_OR_RETURN(ExpressionPtr stratum, DecodeLiteral(fraction.stratum()));
    out->fractions.emplace_back(std::move(stratum), fraction.fraction());
  }
  if (m.has_seed()) out->seed = m.seed();
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeNa(const proto::Relation& m) {
  switch (m.rel_type_case()) {
    case Kind::kFillNa: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.fill_na().input(), m.fill_na().has_input(), "NAFill"));
      auto out = std::make_shared<plan::NaFill>(std::move(child));
      out->columns = Strings(m.fill_na().cols());
      for (const auto& value : m.fill_na().values()) {
        ASSIGN_OR_RETURN(ExpressionPtr literal, DecodeLiteral(value));
        out->values.push_back(std::move(literal));
      }
      const size_t values = out->values.size();
      if (values == 0 || (values > 1 && values != out->columns.size())) {
        return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE",
                     {{"errorMsg", "NAFill needs one value, or one for each column"}});
      }
      return RelationNode(std::move(out));
    }
    case Kind::kDropNa: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.drop_na().input(), m.drop_na().has_input(), "NADrop"));
      auto out = std::make_shared<plan::NaDrop>(std::move(child));
      out->columns = Strings(m.drop_na().cols());
      if (m.drop_na().has_min_non_nulls()) out->min_non_nulls = m.drop_na().min_non_nulls();
      return RelationNode(std::move(out));
    }
    default: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.replace().input(), m.replace().has_input(), "NAReplace"));
      auto out = std::make_shared<plan::NaReplace>(std::move(child));
      out->columns = Strings(m.replace().cols());
      for (const auto& replacement : m.replace().replacements()) {
        ASSIGN_OR_RETURN(ExpressionPtr from, DecodeLiteral(replacement.old_value()));
        ASSIGN_OR_RETURN(ExpressionPtr to, DecodeLiteral(replacement.new_value()));
        out->replacements.emplace_back(std::move(from), std::move(to));
      }
      return RelationNode(std::move(out));
    }
  }
}

}  // namespace deltic::spark::connect
