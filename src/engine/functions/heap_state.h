// Aggregate states that own a heap object: made by the first value of a group, merged, and freed by the destructor.
// Body needs a default constructor, a copy constructor and Merge(const Body&). States belong to one thread at a time.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine::functions {

template <typename Body>
struct Holder {
  Body* body;
};

template <typename Body>
duckdb::idx_t HolderSize(const duckdb::AggregateFunction&) {
  return sizeof(Holder<Body>);
}
template <typename Body>
void HolderInit(const duckdb::AggregateFunction&, duckdb::data_ptr_t state) {
  reinterpret_cast<Holder<Body>*>(state)->body = nullptr;
}
template <typename Body>
void HolderDestroy(duckdb::Vector& states, duckdb::AggregateInputData&, duckdb::idx_t count) {
  duckdb::UnifiedVectorFormat format;
  states.ToUnifiedFormat(count, format);
  auto* data = duckdb::UnifiedVectorFormat::GetData<Holder<Body>*>(format);
  for (duckdb::idx_t i = 0; i < count; ++i) {
    Holder<Body>* holder = data[format.sel->get_index(i)];
    delete holder->body;
    holder->body = nullptr;
  }
}
template <typename Body>
void HolderCombine(duckdb::Vector& source, duckdb::Vector& target, duckdb::AggregateInputData& data,
                   duckdb::idx_t count) {
  duckdb::UnifiedVectorFormat from;
  source.ToUnifiedFormat(count, from);
  auto* s = duckdb::UnifiedVectorFormat::GetData<Holder<Body>*>(from);
  auto* t = duckdb::FlatVector::GetData<Holder<Body>*>(target);
  try {
    for (duckdb::idx_t i = 0; i < count; ++i) {
      const Holder<Body>* holder = s[from.sel->get_index(i)];
      if (holder->body == nullptr) continue;
      if (t[i]->body == nullptr) {
        t[i]->body = new Body(*holder->body);
      } else {
        t[i]->body->Merge(*holder->body);
      }
    }
  } catch (...) {  // a hash table whose merge fails does not destroy what it was given
    HolderDestroy<Body>(source, data, count);
    throw;
  }
}
template <typename Body>
Body& BodyOf(Holder<Body>* holder) {
  if (holder->body == nullptr) holder->body = new Body();
  return *holder->body;
}

}  // namespace deltic::engine::functions
