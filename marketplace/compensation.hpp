// What a slash gives to the customers that an outage harmed: their whole loss where it covers all, otherwise
// a part in proportion, by largest remainder, ties by booking, so that nothing of it is left.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// Each changes `outage`, which the caller saves, and does the work of one customer.

// Nothing is noted for a loss of nothing.
void note_harm(Context& c, Outage& outage, const Booking& booking, Amount loss);
// Works out the next customer's part of a slash that is less than all losses; false when all are done.
bool divide_next(Context& c, Outage& outage);
// Pays the next customer; false when all are paid.
bool compensate_next(Context& c, Outage& outage);

}  // namespace aitbc::market
