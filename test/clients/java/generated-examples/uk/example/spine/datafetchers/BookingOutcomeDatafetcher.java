package uk.example.spine.datafetchers;

import com.netflix.graphql.dgs.DgsComponent;
import com.netflix.graphql.dgs.DgsData;
import graphql.schema.DataFetchingEnvironment;
import uk.example.spine.Generated;
import uk.example.spine.types.BookAppointmentResult;

@Generated
@DgsComponent
public class BookingOutcomeDatafetcher {
  @DgsData(
      parentType = "Query",
      field = "bookingOutcome"
  )
  public BookAppointmentResult getBookingOutcome(DataFetchingEnvironment dataFetchingEnvironment) {
    return null;
  }
}
